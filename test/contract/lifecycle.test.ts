// Runs every story with the lifecycle itself, in this process.
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { contractStories } from "./stories";

contractStories(startLifecycle);

// Runs every story with the provider as the engine runs it: deserialized, in the SDK's dynamic-provider process.
import { startDynamic } from "../support/drivers/dynamic-driver";
import { contractStories } from "./stories";

contractStories(startDynamic);

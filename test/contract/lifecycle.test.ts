// The stories, told by the lifecycle itself.
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { tellOfCreation } from "./stories/create";
import { tellOfLaterRuns } from "./stories/later-runs";

describe("creation", () => tellOfCreation(startLifecycle));
describe("later runs", () => tellOfLaterRuns(startLifecycle));

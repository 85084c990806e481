// The stories, told by the provider as the engine runs it: deserialized, in the SDK's dynamic-provider process.
import { startDynamic } from "../support/drivers/dynamic-driver";
import { tellOfCreation } from "./stories/create";
import { tellOfLaterRuns } from "./stories/later-runs";

describe("creation", () => tellOfCreation(startDynamic));
describe("later runs", () => tellOfLaterRuns(startDynamic));

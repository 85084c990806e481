// Runs every story with the plugin as the engine runs it: the process `pulumi-resource-fudo`, over gRPC.
import { startPlugin } from "../support/drivers/plugin-driver";
import { contractStories } from "./stories";

contractStories(startPlugin);

// Runs every story with the plugin as the engine runs it: the process `pulumi-resource-fudo`, over gRPC.
import { startPlugin } from "../support/drivers/plugin-driver";
import { contractStories } from "./stories";

// The plugin always has the declaration's tag: it takes it from the URN, which each request carries.
contractStories(startPlugin, { expected: { generatedStart: { age: 62_000, extra: 60_000 } } });

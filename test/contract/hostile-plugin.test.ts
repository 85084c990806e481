// Hostile values through the protocol, to the plugin.
import { startPlugin } from "../support/drivers/plugin-driver";
import { hostileSuite } from "../support/hostile-suite";

hostileSuite(startPlugin);

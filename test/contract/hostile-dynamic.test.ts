// Hostile values through the protocol, to the dynamic provider in the SDK's process.
import { startDynamic } from "../support/drivers/dynamic-driver";
import { hostileSuite } from "../support/hostile-suite";

hostileSuite(startDynamic);

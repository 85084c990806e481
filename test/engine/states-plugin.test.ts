// The states of the plugin's type that releases have written: this checkout reads each of them with the real engine.
import { describeRecordedStates } from "../support/recorded-state-suite";

jest.setTimeout(300_000);

describeRecordedStates("plugin");

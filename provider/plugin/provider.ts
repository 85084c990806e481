// The plugin's service: what the engine asks of a provider (`ResourceProvider` in the protocol). Holds the configuration and
// the one lifecycle of its process; every decision is the lifecycle's.
import { assertEngineAlive } from "../adapter/engine";
import { cancel, endCancellation, stopSignal } from "../adapter/shutdown";
import { startLifecycle } from "../adapter/start-lifecycle";
import { FudoError, packageVersion, stoppable } from "../client";
import { holdsUnknown, type CallContext, type Lifecycle, type Settings } from "../lifecycle";
import { changedSettings, checkConfiguration, settingsOf } from "./configuration";
import { invoke, list } from "./functions";
import { EngineLog } from "./log";
import { Empty, messages, pluginMessages, type Messages, type PluginMessages } from "./protocol";
import { schemaText } from "./schema";
import * as share from "./session-share";
import { receive, send } from "./values";

export class Provider {
  readonly #log = new EngineLog();
  #settings: Settings | undefined;
  #isKeyInConfig = false;
  #urn = "";
  #reference: string | undefined;
  #lifecycle: Lifecycle | undefined;

  readonly #operations: share.Operations = {
    lifecycle: () => (this.#lifecycle ??= startLifecycle(this.#currentSettings(), this.#callFor(this.#urn).warn)),
    client: () => stoppable(this.#operations.lifecycle().client(), stopSignal()),
    callFor: (urn) => this.#callFor(urn),
  };

  constructor(engineAddress: string) {
    this.#log.connect(engineAddress);
  }

  /** For the message of a 401. */
  get isKeyInConfig(): boolean {
    return this.#isKeyInConfig;
  }

  handshake(request: Messages.ProviderHandshakeRequest): Messages.ProviderHandshakeResponse {
    this.#log.connect(request.getEngineAddress());
    return new messages.ProviderHandshakeResponse().setAcceptSecrets(true);
  }

  /**
   * Engine: it sends this to a plugin that was started by hand (`PULUMI_DEBUG_PROVIDERS`), for each preview and each `up`. The
   * end of a preview is a Cancel.
   */
  attach(request: PluginMessages.PluginAttach): InstanceType<typeof Empty> {
    endCancellation();
    this.#log.connect(request.getAddress());
    return new Empty();
  }

  getPluginInfo(): PluginMessages.PluginInfo {
    return new pluginMessages.PluginInfo().setVersion(packageVersion());
  }

  getSchema(): Messages.GetSchemaResponse {
    return new messages.GetSchemaResponse().setSchema(schemaText());
  }

  checkConfig(request: Messages.CheckRequest): Messages.CheckResponse {
    const news = receive(request.getNews());
    const failures = checkConfiguration(news.values).map((failure) => share.checkFailure(failure, news));
    // The state keeps these inputs, so the key is a secret there, whatever the program declared.
    return new messages.CheckResponse()
      .setInputs(send(news.values, [...news.secrets, "apiKey"]))
      .setFailuresList(failures);
  }

  diffConfig(request: Messages.DiffRequest): Messages.DiffResponse {
    const changed = changedSettings(receive(request.getOlds()).values, receive(request.getNews()).values);
    const kinds = messages.DiffResponse.DiffChanges;
    return new messages.DiffResponse()
      .setChanges(changed.length > 0 ? kinds.DIFF_SOME : kinds.DIFF_NONE)
      .setDiffsList(changed);
  }

  configure(request: Messages.ConfigureRequest): Messages.ConfigureResponse {
    const { values } = receive(request.getArgs());
    // Engine: it never sends such a request. The environment may name another appliance, so it is no substitute.
    if (holdsUnknown(values)) throw new FudoError("config", "a setting of the provider is not known yet");
    const { urn } = identityOf(request);
    // Engine: it starts one process for each provider, but a process that was started by hand gets the requests of all.
    if (this.#urn !== "" && urn !== this.#urn)
      throw new FudoError(
        "config",
        `this process of the plugin already serves the provider ${this.#urn}. Start another one`,
      );
    this.#settings = settingsOf(values, process.env);
    this.#isKeyInConfig = Boolean(values["apiKey"]);
    this.#urn = urn;
    this.#reference = referenceOf(request);
    this.#lifecycle = undefined;
    return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  check = (request: Messages.CheckRequest) => share.check(this.#operations, request);
  diff = (request: Messages.DiffRequest) => share.diff(this.#operations, request);
  create = (request: Messages.CreateRequest) => share.create(this.#operations, request);
  read = (request: Messages.ReadRequest) => share.read(this.#operations, request);
  update = (request: Messages.UpdateRequest) => share.update(this.#operations, request);

  delete(request: Messages.DeleteRequest): InstanceType<typeof Empty> {
    share.deleteShare(this.#operations, request);
    return new Empty();
  }

  invoke = (request: Messages.InvokeRequest) => invoke(this.#operations, request);

  construct(request: Messages.ConstructRequest): Promise<Messages.ConstructResponse> {
    // Loaded here because most stacks declare no component.
    const { construct } = require("./construct") as typeof import("./construct");
    return construct(this.#operations, this.#reference, request);
  }

  /** Engine: `pulumi do fudo:index:SessionShare list` sends this. */
  list = (request: Messages.ListRequest) => list(this.#operations, request);

  /** Engine: it sends this at the first Ctrl-C. Ends queueing, back-off and waits, never a POST that was sent. */
  cancel(): InstanceType<typeof Empty> {
    cancel();
    return new Empty();
  }

  /** Every message of an operation arrives before its response. */
  flushed(): Promise<void> {
    return this.#log.flushed();
  }

  /** Before Configure: the environment alone. */
  #currentSettings(): Settings {
    return (this.#settings ??= settingsOf({}, process.env));
  }

  #callFor(urn: string): CallContext {
    return {
      signal: stopSignal(),
      warn: (text) => this.#log.warn(urn, text),
      info: (text) => this.#log.info(urn, text),
      assertEngineAlive,
    };
  }
}

/** SDK: the messages of its oldest versions have neither field. Older engines do not send them. */
function identityOf(request: Messages.ConfigureRequest): { urn: string; id: string } {
  return { urn: request.getUrn?.() ?? "", id: request.getId?.() ?? "" };
}

/** Engine: it names a provider by its URN and its ID. */
function referenceOf(request: Messages.ConfigureRequest): string | undefined {
  const { urn, id } = identityOf(request);
  return urn === "" || id === "" ? undefined : `${urn}::${id}`;
}

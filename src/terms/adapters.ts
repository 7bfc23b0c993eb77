/** Which adapters carry a deployment out and measure it; frozen, so that a service that changes its own never changes theirs. */

export interface Adapters {
  backend: AdapterRef;
  metrics: AdapterRef;
  /** Sources of alerts and log errors; unset for none. */
  signals?: AdapterRef[];
}

/** An instance of an adapter by its name in gonogo.yml. Another kind under the same name is another adapter. */
export interface AdapterRef {
  name: string;
  kind: string;
}

/** Which adapters carry a deployment out and measure it; frozen, so that a service that changes its own never changes theirs. */

export interface Adapters {
  backend: string;
  metrics: string;
}

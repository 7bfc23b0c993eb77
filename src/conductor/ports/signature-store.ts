/** Signatures of API calls that were used. */

/** Signatures of requests to the API that were accepted: none is accepted twice, whatever happens in between. */
export interface SignatureStore {
  /** False where it was used before. */
  use(signature: string): Promise<boolean>;
}

/** Why the driver does not do it: the call is wrong (400), or what it names is not there or not shown (404). */

export class Refusal extends Error {
  readonly status: 400 | 404;
  readonly path: string;

  constructor(status: 400 | 404, message: string, path: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.path = path;
  }
}

export const notThere = (message: string, path: string): Refusal => new Refusal(404, message, path);
export const wrong = (message: string, path: string): Refusal => new Refusal(400, message, path);

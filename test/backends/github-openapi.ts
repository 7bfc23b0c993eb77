/** GitHub's own description of its API, and a server that refuses what does not fit it. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import addFormats from 'ajv-formats';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { HANDLERS, notFound, validationFail } from './github-operations.ts';

const USED =
  /^\/repos\/\{owner\}\/\{repo\}\/(actions\/(workflows|runs)\/|deployments|releases$|tags$|compare\/\{basehead\}$|environments)|^\/app\/installations\/\{installation_id\}\/access_tokens$/;

type GithubDocument = Document & { paths: Record<string, object> };

let document: GithubDocument | undefined;

/** Reading GitHub's whole document takes a while: once is enough. */
export function githubDocument(): GithubDocument {
  const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
  document ??= JSON.parse(readFileSync(file, 'utf8')) as GithubDocument;
  return document;
}

let described: Promise<OpenAPIBackend> | undefined;

/** Only for the paths that are here. */
export function describedBackend(): Promise<OpenAPIBackend> {
  described ??= (async () => {
    const whole = githubDocument();
    const paths = Object.fromEntries(Object.entries(whole.paths).filter(([path]) => USED.test(path)));
    const api = new OpenAPIBackend({
      definition: { ...whole, paths } as Document,
      quick: true,
      coerceTypes: true,
      ajvOpts: { strict: false },
      customizeAjv: (ajv) => {
        addFormats.default(ajv);
        return ajv;
      },
      handlers: {
        ...HANDLERS,
        validationFail,
        notFound,
        notImplemented: notFound,
        methodNotAllowed: notFound,
      },
    });
    return api.init();
  })();
  return described;
}

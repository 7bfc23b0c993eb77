/** What lies between what runs and what is to run (K-11): read where somebody decides, and kept with the request. */

/** What deserves a second look, by what the files are. */
const TOUCHES = ['database', 'dependencies', 'infrastructure', 'configuration', 'security'] as const;
export type Touch = (typeof TOUCHES)[number];

export interface Changes {
  from: string;
  to: string;
  commits: number;
  /** Commits of `from` that `to` does not have: it goes back by them. */
  lost: number;
  /** The first of them, by name; `authorCount` is all that are known. */
  authors: string[];
  authorCount: number;
  pullRequests: { number: number; title: string; url?: string }[];
  pullRequestCount: number;
  files: number;
  /** Most files first. */
  areas: { name: string; files: number }[];
  touches: Touch[];
  /** Where a person reads all of it. */
  url?: string;
  /** There is more than what could be read: the figures are at least these. */
  partial: boolean;
}

const MAX_AUTHORS = 8;
const MAX_PULL_REQUESTS = 20;
const MAX_AREAS = 6;
const MAX_TITLE_LENGTH = 100;

/** By path; one file may be several. */
const TOUCHED_BY: Record<Touch, RegExp> = {
  database: /(^|\/)(migrations?|db|schema|alembic|flyway|prisma)(\/|\.)|\.sql$/i,
  dependencies:
    /(^|\/)(package(-lock)?\.json|pnpm-lock\.yaml|yarn\.lock|go\.(mod|sum)|Cargo\.(toml|lock)|requirements[^/]*\.txt|poetry\.lock|uv\.lock|Gemfile(\.lock)?|pom\.xml|build\.gradle(\.kts)?|composer\.(json|lock)|[^/]+\.csproj)$/i,
  infrastructure:
    /(^|\/)(Dockerfile[^/]*|docker-compose[^/]*|\.github|\.gitlab-ci\.yml|terraform|helm|charts?|k8s|kubernetes|deploy(ments?)?|ansible|infra(structure)?)(\/|$)|\.tf$/i,
  configuration: /(^|\/)(config|settings|feature-?flags?)(\/|\.)|(^|\/)\.env|\.(toml|ini|properties)$/i,
  security:
    /(^|[/_.-])(auth|oauth|login|session|permissions?|acl|crypto|secrets?|password|tokens?)([/_.-]|$)/i,
};

export interface Compared {
  from: string;
  to: string;
  commits: readonly { author: string; message: string }[];
  /** Where it is more than the commits that could be read. */
  commitCount?: number;
  lost?: number;
  /** Paths. */
  files: readonly string[];
  /** There are more files than those. */
  moreFiles?: boolean;
  url?: string;
  /** Where a pull request is, by its number. */
  pullRequestUrl?: (number: number) => string;
}

/** Sums up what two versions differ by; bounded, however much that is. */
export function changesOf(compared: Compared): Changes {
  const { from, to, commits, files, lost = 0, url } = compared;
  const authors = [...new Set(commits.map(({ author }) => author).filter((author) => author !== ''))];
  const requests = pullRequestsIn(commits.map(({ message }) => message));
  const count = Math.max(compared.commitCount ?? 0, commits.length);
  return {
    from,
    to,
    commits: count,
    lost,
    authors: authors.slice(0, MAX_AUTHORS),
    authorCount: authors.length,
    pullRequests: requests.slice(0, MAX_PULL_REQUESTS).map(({ number, title }) => ({
      number,
      title: title.slice(0, MAX_TITLE_LENGTH),
      ...(compared.pullRequestUrl === undefined ? {} : { url: compared.pullRequestUrl(number) }),
    })),
    pullRequestCount: requests.length,
    files: files.length,
    areas: areasOf(files).slice(0, MAX_AREAS),
    touches: TOUCHES.filter((touch) => files.some((file) => TOUCHED_BY[touch].test(file))),
    ...(url === undefined ? {} : { url }),
    partial: count > commits.length || compared.moreFiles === true,
  };
}

/** By what merges leave in a commit: "Merge pull request #12 from …", and "Title (#12)" of a squash. */
function pullRequestsIn(messages: readonly string[]): { number: number; title: string }[] {
  const found = new Map<number, string>();
  for (const message of messages) {
    const [subject = '', ...rest] = message.split('\n');
    const merged = /^Merge pull request #(\d+) from /.exec(subject)?.[1];
    const squashed = /^(.*\S)\s+\(#(\d+)\)$/.exec(subject);
    const number = Number(merged ?? squashed?.[2]);
    if (!Number.isSafeInteger(number) || found.has(number)) continue;
    const title =
      merged === undefined ? (squashed?.[1] ?? '') : (rest.find((line) => line.trim() !== '') ?? subject);
    found.set(number, title.trim());
  }
  return [...found].map(([number, title]) => ({ number, title }));
}

/** Folders of a repository that hold the source of everything say nothing: the folder inside them does. */
const WRAPPERS = /^(src|lib|app|apps|packages|services|internal|pkg|cmd)$/;

function areasOf(files: readonly string[]): { name: string; files: number }[] {
  const areas = new Map<string, number>();
  for (const file of files) {
    const folders = file.split('/').slice(0, -1);
    const [first = 'top folder', second] = folders;
    const name = second !== undefined && WRAPPERS.test(first) ? `${first}/${second}` : first;
    areas.set(name, (areas.get(name) ?? 0) + 1);
  }
  return [...areas]
    .map(([name, count]) => ({ name, files: count }))
    .sort((a, b) => b.files - a.files || a.name.localeCompare(b.name));
}

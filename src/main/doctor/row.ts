/** One line of what `gonogo doctor` tried. */

import { defined } from '../../defined.ts';

export interface Row {
  /** `environment`, `policy`, `slack`, `people`, `channels`, `backends`, `metrics`, `signals`, `smoke`. */
  part: string;
  /** Where it stands: `services.checkout.channel`, `SLACK_BOT_TOKEN`. */
  place: string;
  what: string;
  /** `not_tried`: nobody knows, and that is not the same as good. */
  result: 'works' | 'fails' | 'not_tried';
  /** What came back, without secrets. */
  says?: string;
  /** What to do where it does not work. */
  remedy?: string;
}

export type Tried = Pick<Row, 'result'> & Partial<Pick<Row, 'says' | 'remedy'>>;

export const fails = (says: string, remedy: string): Tried => ({ result: 'fails', says, remedy });
export const works = (says?: string): Tried => ({ result: 'works', ...defined({ says }) });

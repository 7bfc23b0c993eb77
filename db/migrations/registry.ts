/** Every migration by name, in order; in code, so that it works from any build and any folder. */

import type { Migration } from 'kysely';
import type { Ddl } from '../ddl.ts';
import { record } from './0001-record.ts';
import { charts } from './0002-charts.ts';
import { calendar } from './0003-calendar.ts';
import { versions } from './0004-versions.ts';
import { releases } from './0005-releases.ts';
import { contracts } from './0006-contracts.ts';
import { seals } from './0007-seals.ts';
import { lanes } from './0008-lanes.ts';
import { alerts } from './0009-alerts.ts';
import { measurements } from './0010-measurements.ts';
import { pruning } from './0011-pruning.ts';
import { judgeHistory } from './0012-judge-history.ts';
import { messageUrgency } from './0013-message-urgency.ts';
import { told } from './0014-told.ts';
import { requester } from './0015-requester.ts';
import { newestRelease } from './0016-newest-release.ts';
import { unsaidAlerts } from './0017-unsaid-alerts.ts';
import { starts } from './0018-starts.ts';
import { askedAlerts } from './0019-asked-alerts.ts';
import { endsBelowAlerts } from './0020-ends-below-alerts.ts';
import { automaticNotices } from './0021-automatic-notices.ts';
import { enoughOfAChart } from './0022-enough-of-a-chart.ts';
import { commandOrder } from './0023-command-order.ts';
import { alertDecisions } from './0024-alert-decisions.ts';

/** Names are for ever: a database remembers which ones it has seen. */
export function migrations(ddl: Ddl): Record<string, Migration> {
  return {
    '0001-record': record(ddl),
    '0002-charts': charts(ddl),
    '0003-calendar': calendar(ddl),
    '0004-versions': versions(),
    '0005-releases': releases(ddl),
    '0006-contracts': contracts(ddl),
    '0007-seals': seals(ddl),
    '0008-lanes': lanes(),
    '0009-alerts': alerts(ddl),
    '0010-measurements': measurements(ddl),
    '0011-pruning': pruning(),
    '0012-judge-history': judgeHistory(ddl),
    '0013-message-urgency': messageUrgency(ddl),
    '0014-told': told(ddl),
    '0015-requester': requester(),
    '0016-newest-release': newestRelease(),
    '0017-unsaid-alerts': unsaidAlerts(ddl),
    '0018-starts': starts(),
    '0019-asked-alerts': askedAlerts(),
    '0020-ends-below-alerts': endsBelowAlerts(),
    '0021-automatic-notices': automaticNotices(ddl),
    '0022-enough-of-a-chart': enoughOfAChart(ddl),
    '0023-command-order': commandOrder(ddl),
    '0024-alert-decisions': alertDecisions(),
  };
}

import type { Answer } from '../../../derive/answer.ts';
import { placeOf } from './arn.ts';
import type { Target } from './target.ts';
import { asObject, flag, list, objects, text, type JsonObject } from './wire.ts';
import { coveredByFilter, coveredByPattern } from './watched.ts';

const COLUMNS = ['account', 'region', 'kind', 'name', 'enabled', 'covers', 'targets', 'detail', 'cites'];

/** EventBridge rules with their targets: who is told when a key changes. */
export function eventRules(rules: readonly Answer[], targetsOf: readonly Answer[], to: Target): void {
  const insert = to.into('alert', COLUMNS);
  const targets = new Map<string, Answer>();
  for (const answer of targetsOf) {
    targets.set([answer.scope, busOf(answer.params()), text(answer.params().Rule) ?? ''].join('\n'), answer);
  }
  for (const answer of rules) {
    if (answer.status !== 'ok') continue;
    for (const rule of objects(answer.body().Rules)) {
      const name = text(rule.Name) ?? '';
      const bus = text(rule.EventBusName) ?? 'default';
      const told = targets.get([answer.scope, bus, name].join('\n'));
      insert({
        ...placeOf(answer.scope),
        kind: 'event rule',
        name: bus === 'default' ? name : `${bus}/${name}`,
        enabled: (text(rule.State) ?? '').startsWith('ENABLED'),
        covers: JSON.stringify(coveredByPattern(text(rule.EventPattern))),
        targets:
          told?.status === 'ok' ? JSON.stringify(objects(told.body().Targets).map((t) => text(t.Arn))) : null,
        detail: JSON.stringify({ pattern: text(rule.EventPattern), targetsCode: told?.code ?? null }),
        cites: JSON.stringify(told ? [answer.seq, told.seq] : [answer.seq]),
      });
    }
  }
}

function busOf(params: JsonObject): string {
  return text(params.EventBusName) ?? 'default';
}

/** Metric filters on log groups, with the alarm on their metric: without an alarm nobody is told. */
export function metricFilters(filters: readonly Answer[], alarms: readonly Answer[], to: Target): void {
  const insert = to.into('alert', COLUMNS);
  for (const answer of filters) {
    if (answer.status !== 'ok') continue;
    const here = alarms.filter((a) => a.scope === answer.scope);
    const known = here.length > 0 && here.every((a) => a.status === 'ok');
    const raised = here
      .filter((a) => a.status === 'ok')
      .flatMap((a) => alarmsIn(a.body()).map((alarm) => ({ alarm, seq: a.seq })));
    for (const filter of objects(answer.body().metricFilters)) {
      const metrics = objects(filter.metricTransformations);
      const mine = raised.filter(({ alarm }) =>
        metrics.some(
          (m) =>
            text(m.metricName) === text(alarm.MetricName) &&
            text(m.metricNamespace) === text(alarm.Namespace),
        ),
      );
      const actions = mine
        .filter(({ alarm }) => flag(alarm.ActionsEnabled) !== false)
        .flatMap(({ alarm }) => list(alarm.AlarmActions));
      insert({
        ...placeOf(answer.scope),
        kind: 'metric filter',
        name: `${text(filter.logGroupName) ?? ''}/${text(filter.filterName) ?? ''}`,
        enabled: actions.length > 0 ? true : known ? false : null,
        covers: JSON.stringify(coveredByFilter(text(filter.filterPattern))),
        targets: known || actions.length > 0 ? JSON.stringify(actions) : null,
        detail: JSON.stringify({
          pattern: text(filter.filterPattern),
          logGroup: text(filter.logGroupName),
          alarms: mine.map(({ alarm }) => text(alarm.AlarmName)),
          alarmsCode: here.find((a) => a.status !== 'ok')?.code ?? null,
        }),
        cites: JSON.stringify([answer.seq, ...new Set([...mine, ...here].map((m) => m.seq))]),
      });
    }
  }
}

/** DescribeAlarms answers in JSON, or in XML from older services. */
function alarmsIn(body: JsonObject): JsonObject[] {
  const result = asObject(asObject(body.DescribeAlarmsResponse).DescribeAlarmsResult);
  return objects(body.MetricAlarms ?? result.MetricAlarms);
}

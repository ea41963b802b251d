import { AwsError } from '../server/aws-error.ts';
import { allow, optionalText, pageOf, pageSize, type JsonOperation } from './call.ts';

/** AWS Account Management, REST with JSON: the path names the operation. */
export const accountOperations: Record<string, JsonOperation> = {
  ListRegions(call, input) {
    allow(call, 'account:ListRegions', `arn:aws:account::${call.caller.accountId}:account`);
    const wanted = Array.isArray(input.RegionOptStatusContains)
      ? input.RegionOptStatusContains.map(String)
      : [];
    const regions = call.company.regions.filter(
      (region) => wanted.length === 0 || wanted.includes(region.status),
    );
    const size = pageSize(input.MaxResults, 'MaxResults', { min: 1, max: 50, usual: 50 });
    const { page, next } = pageOf(
      regions,
      size,
      optionalText(input, 'NextToken'),
      `regions ${call.caller.accountId} ${wanted.join()}`,
      () => new AwsError('ValidationException', 'Invalid NextToken'),
    );
    return {
      Regions: page.map((region) => ({ RegionName: region.name, RegionOptStatus: region.status })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
};

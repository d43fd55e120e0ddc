/**
 * What Docker 28.5 says of the cases of another validator (dockerfile-utils 0.16.3) where the two differ: numbers of cases,
 * as ranges. Docker was asked with `docker build --check`.
 */

/** The validator reports an error, Docker builds. */
export const acceptedByDocker = expand(`
84 292-318 320-321 323-339 418 421 610 613 658 661 850 853 946 949 1117 1120 1131-1132 1137-1138 1143-1144 1178-1180
1183-1185 1262-1263 1265 1278-1279 1281 1286-1287 1289 1302-1303 1305 1360 1394-1401 1405 1439 2390 2424-2435 2440
2457 2482 3428 4018-4021 4030 4049 4067 4125 4131 4141 4147 4157 4163 5124 5230 5464`);

/** The validator reports no error, Docker refuses. */
export const refusedByDocker = expand(`
223 226 704 707 1244 1256 1308 2455 2469-2473 2813 3104-3135 3812-3877 3950-3951 4512 4803-4834 5206 5213 5222-5224
5237 5245 5249-5252 5345-5347 5364-5367 5536-5537`);

/** Docker was not able to look up the image, so what it thinks of the rest is not known. */
export const unknownToDocker = expand(`
148-149 153-155 161-162 167-169 182-183 194 1568-1575 1600-1607 1632-1639 1664-1671 1680 1682-1683 1686-1687 1696-1703
1712-1719 1728-1735 1744-1751 1768-1772 2349-2350 2353-2354 2362-2363 3917 3919 3922-3924 3926 3928 3932-3933 3937
3939 3941 3943 3945 3947 3955`);

function expand(ranges: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const range of ranges.trim().split(/\s+/)) {
    const [first = 0, last = first] = range.split('-').map(Number);
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  return numbers;
}

package io.cashdesk.bench;

/**
 * What the load generator measured of one work.
 *
 * @param perSecond completed requests per second, from the first request to the last answer
 * @param p50 the median of the response times in milliseconds
 * @param p99 the 99th percentile of the response times in milliseconds
 * @param failed requests that were not answered with 200, those of the warm-up included
 */
record Rate(double perSecond, long p50, long p99, long failed) {}

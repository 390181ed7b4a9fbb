/** Counters, histograms and gauges in Prometheus' text format. */
package io.cashdesk.ground.metric;

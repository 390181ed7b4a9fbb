/** What can be counted and measured, and how it is told (Prometheus' text format). */
package io.cashdesk.ground.metric;

/**
 * Integration tests: the real WAR on real servers with a real PostgreSQL, called over HTTP. Most classes share one node
 * ({@link io.cashdesk.testing.Nodes#shared}), which is started once in a test run, so a new class costs no start. Each
 * class has a merchant of its own ({@link io.cashdesk.testing.Shop}), so classes do not affect one another. Only
 * {@link io.cashdesk.it.InContainerIT} runs inside the server and deploys the WAR again. The tests of the simulated
 * providers are in {@code it.simulator}.
 */
package io.cashdesk.it;

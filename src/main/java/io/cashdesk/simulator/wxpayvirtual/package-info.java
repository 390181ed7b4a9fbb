/**
 * The simulated virtual payment of WeChat's mini-programs, written from WeChat's documents: the server's calls, the
 * client's call, coins, and the events that are pushed. There is no order call on the server: the client makes the
 * order.
 */
package io.cashdesk.simulator.wxpayvirtual;

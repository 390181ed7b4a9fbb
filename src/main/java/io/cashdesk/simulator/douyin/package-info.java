/**
 * Douyin's payment servers, written from their documents, with both protocols: guaranteed payment ("ecpay", signed with
 * a salt) and the general trade system ("trade", signed with RSA; its orders are made by the client). Answers are not
 * signed, callbacks are.
 */
package io.cashdesk.simulator.douyin;

/**
 * What WeChat's applications have in common, whatever they sell with: their numbers and secrets, login codes, openids,
 * session keys and access tokens. The simulated providers of WeChat use it; it uses none of them.
 */
package io.cashdesk.simulator.wechat;

/**
 * VksPay's gateway, and an epay site (易支付) of the same merchants with both of its interfaces: V1, signed with MD5, and
 * V2, signed with RSA.
 */
package io.cashdesk.simulator.vkspay;

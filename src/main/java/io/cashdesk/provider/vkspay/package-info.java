/**
 * VksPay and the epay family: gateways that collect through WeChat and Alipay for merchants who have no contract of
 * their own. One adapter speaks three dialects, one for each account ({@link Dialect}): {@code Vks*} has VksPay's own
 * JSON interface, {@code V1*} epay with MD5, {@code V2*} epay with RSA. Amounts are texts in yuan. No body publishes
 * these protocols; docs/providers/vkspay.md says what the adapter relies on. Particulars: VksPay assigns the number of
 * a payment itself and signs nothing that it sends; epay gateways print {@code 1.00} as {@code 1}; a notification is
 * verified where that is possible, and settled by a query in every dialect; VksPay and epay V1 have no refund numbers.
 *
 * <p>MD5 is what the wire of VksPay and epay V1 demands; it stays inside of this package.
 *
 * @see <a href="https://vkdoc.fsq.pub/vk-uni-pay/vkspay.html">what vk-uni-pay documents</a>
 * @see <a href="https://github.com/VksPay/VksPay">the vendor's example</a>
 */
package io.cashdesk.provider.vkspay;

/** The words of vk-uni-pay's clients: one address, an action and its data. */
package io.cashdesk.face.vk;

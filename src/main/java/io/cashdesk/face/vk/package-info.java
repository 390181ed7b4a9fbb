/** The API of vk-uni-pay: one address, an action and its data. */
package io.cashdesk.face.vk;

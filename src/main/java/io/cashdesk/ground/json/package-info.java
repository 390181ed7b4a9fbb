/** How any JSON comes in: size, type, strict fields, the caller's true address. */
package io.cashdesk.ground.json;

/** Incoming JSON requests: size limit, content type, strict parsing; and the client's IP address. */
package io.cashdesk.ground.json;

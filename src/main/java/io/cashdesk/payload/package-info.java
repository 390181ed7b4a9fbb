/** The one JSON shape of a pay order, as answers, webhooks and handlers carry it. */
package io.cashdesk.payload;

/** The one door where news of money comes in: told, asked or answered. */
package io.cashdesk.notification;

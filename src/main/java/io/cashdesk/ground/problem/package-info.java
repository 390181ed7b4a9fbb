/** All errors of the APIs, with their messages, and their translation into HTTP responses. */
package io.cashdesk.ground.problem;

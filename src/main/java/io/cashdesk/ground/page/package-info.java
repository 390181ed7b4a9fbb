/** How any HTML leaves: Thymeleaf, language, security headers. */
package io.cashdesk.ground.page;

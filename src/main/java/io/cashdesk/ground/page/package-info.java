/** HTML pages: Thymeleaf templates, choice of language, message texts, security headers. */
package io.cashdesk.ground.page;

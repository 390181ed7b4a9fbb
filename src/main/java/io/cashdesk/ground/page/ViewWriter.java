package io.cashdesk.ground.page;

import io.cashdesk.ground.setting.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.WebContext;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.WebApplicationTemplateResolver;
import org.thymeleaf.web.servlet.JakartaServletWebApplication;

/** Writes a {@link View} as HTML, with Thymeleaf. The template engine is built at the first page. */
@Provider
@Produces(MediaType.TEXT_HTML)
public class ViewWriter implements MessageBodyWriter<View> {
    @Context
    ServletContext servletContext;

    @Context
    HttpServletRequest request;

    @Context
    HttpServletResponse response;

    @Inject
    Settings settings;

    private volatile Engine engine;

    private record Engine(JakartaServletWebApplication application, TemplateEngine templates) {}

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return View.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            View view,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        var e = engine();
        var context = new WebContext(e.application.buildExchange(request, response), view.language(), view.model());
        var writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        e.templates.process(view.template(), context, writer);
        writer.flush();
    }

    private Engine engine() {
        var e = engine;
        if (e == null) {
            synchronized (this) {
                e = engine;
                if (e == null) engine = e = build();
            }
        }
        return e;
    }

    private Engine build() {
        var application = JakartaServletWebApplication.buildApplication(servletContext);
        var resolver = new WebApplicationTemplateResolver(application);
        resolver.setPrefix("/WEB-INF/templates/");
        resolver.setSuffix(".html");
        resolver.setTemplateMode(TemplateMode.HTML);
        resolver.setCharacterEncoding("UTF-8");
        var templates = new TemplateEngine();
        templates.setTemplateResolver(resolver);
        templates.setMessageResolver(new Messages());
        return new Engine(application, templates);
    }
}

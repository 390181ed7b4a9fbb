package io.cashdesk.idempotency;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a call that changes something: under an {@code Idempotency-Key} it is carried out once, and its repetitions get
 * its answer.
 */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Idempotent {
    /** How this API names its calls and shows refusals. */
    Class<? extends ApiDialect> in() default ApiDialect.Plain.class;
}

package io.cashdesk;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The JAX-RS application, at "/"; resource classes are found in all packages. */
@ApplicationPath("/")
public class CashdeskApplication extends Application {}

package io.cashdesk;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Everything answers below "/"; the rooms bring their own resources. */
@ApplicationPath("/")
public class CashdeskApplication extends Application {}

package io.cashdesk.provider.vkspay;

import io.cashdesk.provider.ProviderWireContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every adapter guarantees, in each dialect. */
@ParameterizedClass
@EnumSource
class VkspayWireTest extends ProviderWireContract<VkspayWire> {
    VkspayWireTest(Dialect dialect) {
        super(new VkspayWire(dialect));
    }
}

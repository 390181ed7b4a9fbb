package io.cashdesk.provider.douyin;

import io.cashdesk.provider.ProviderWireContract;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every adapter guarantees, in each dialect. */
@ParameterizedClass
@EnumSource
class DouyinWireTest extends ProviderWireContract<DouyinWire> {
    DouyinWireTest(Dialect dialect) {
        super(new DouyinWire(dialect));
    }
}

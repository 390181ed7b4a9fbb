package io.cashdesk.ground.metric;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** This node's metrics: registered counters and histograms, and all {@link Gauges} beans. */
@ApplicationScoped
public class Metrics {
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final Logger LOG = Logger.getLogger(Metrics.class);

    private final PrometheusRegistry registry = new PrometheusRegistry();

    @Inject
    @Any
    Instance<Gauges> gauges;

    private record Point(String help, double value, Labels labels) {}

    @PostConstruct
    void registerJvmMetrics() {
        JvmMemoryMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmClassLoadingMetrics.builder().register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        ProcessMetrics.builder().register(registry);
    }

    /** Where beans register their counters and histograms, each once. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** All metrics in Prometheus' text format, {@link #CONTENT_TYPE}. */
    public String text() {
        var all = MetricSnapshots.builder();
        registry.scrape().forEach(all::metricSnapshot);
        readGauges().forEach((name, points) -> all.metricSnapshot(snapshot(name, points)));
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, all.build(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private Map<String, List<Point>> readGauges() {
        Map<String, List<Point>> byName = new TreeMap<>();
        for (var bean : gauges) {
            Map<String, List<Point>> read = new TreeMap<>();
            try {
                bean.read((name, help, value, labels) -> read.computeIfAbsent(name, n -> new ArrayList<>())
                        .add(new Point(help, value, Labels.of(labels))));
            } catch (RuntimeException e) { // the other beans' gauges are still reported
                LOG.warn("Gauges are missing from this scrape", e);
                continue;
            }
            read.forEach((name, points) ->
                    byName.computeIfAbsent(name, n -> new ArrayList<>()).addAll(points));
        }
        return byName;
    }

    private static GaugeSnapshot snapshot(String name, List<Point> points) {
        var snapshot = GaugeSnapshot.builder().name(name).help(points.get(0).help());
        points.forEach(p -> snapshot.dataPoint(GaugeDataPointSnapshot.builder()
                .value(p.value())
                .labels(p.labels())
                .build()));
        return snapshot.build();
    }
}

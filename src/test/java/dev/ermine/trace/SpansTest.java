package dev.ermine.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Traceparent;
import dev.ermine.merge.Status;
import dev.ermine.region.RegionId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Spans that nobody records: places in a trace all the same. */
class SpansTest {

  private static final RegionId LONDON = new RegionId("london");

  private final Spans spans = Spans.ofThisProcess();

  @Test
  void goOnFromTheAskersPlace() {
    Traceparent asker = new Traceparent("a".repeat(32), "b".repeat(16), true, true);
    Traceparent request = spans.request(Optional.of(asker), "GET", "/fhir").trace();
    Traceparent region = spans.region(request, LONDON).trace();
    Traceparent first = spans.exchange(region, LONDON, "POST").trace();
    Traceparent second = spans.exchange(region, LONDON, "POST").trace();
    assertThat(new Traceparent[] {request, region, first, second})
        .allSatisfy(
            trace ->
                assertThat(trace)
                    .isEqualTo(new Traceparent(asker.traceId(), trace.parentId(), true, true)))
        .extracting(Traceparent::parentId)
        .doesNotHaveDuplicates()
        .doesNotContain(asker.parentId());
  }

  @Test
  void beginATraceWhereTheAskerNamesNone() {
    Span first = spans.request(Optional.empty(), "GET", "/fhir");
    Span second = spans.request(Optional.empty(), "GET", "/fhir");
    assertThat(first.trace().traceId()).isNotEqualTo(second.trace().traceId());
    assertThat(first.trace().sampled()).isFalse();
    first.end(200);
    second.abandon();
    spans.region(first.trace(), LONDON).end(Status.TIMED_OUT);
  }
}

package dev.ermine.sandbox;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The WireMock extension that answers from a region's record, in the region's own time. Its name is
 * {@value #NAME}; stubs that do not ask for it are left alone.
 */
final class RegionRecord implements ResponseDefinitionTransformerV2 {

  static final String NAME = "region-record";

  /** Longer than any region's budget. */
  private static final Duration TOO_SLOW = Duration.ofMillis(3_500);

  private final PeerRegion region;
  private final CompletableFuture<RegionService> service = new CompletableFuture<>();

  RegionRecord(PeerRegion region) {
    this.region = region;
  }

  /** Opens the service: its base is known only once the server listens. */
  void open(RegionService service) {
    this.service.complete(service);
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public boolean applyGlobally() {
    return false;
  }

  @Override
  public ResponseDefinition transform(ServeEvent event) {
    var asked = Asked.of(event.getRequest());
    var mishap =
        service
            .join()
            .subject(asked)
            .map(number -> Stories.Mishap.of(region, number))
            .orElse(Stories.Mishap.NONE);
    Reply answer = service.join().answer(asked);
    // Who is not let in learns nothing, not even what is wrong.
    Reply reply = answer.status() == 401 ? answer : spoil(answer, mishap);
    Duration delay = mishap == Stories.Mishap.TOO_SLOW ? TOO_SLOW : region.latency();
    return write(reply).withFixedDelay(Math.toIntExact(delay.toMillis())).build();
  }

  private static Reply spoil(Reply answer, Stories.Mishap mishap) {
    return switch (mishap) {
      case NONE, TOO_SLOW -> answer;
      case NOT_FOUND -> Reply.fault(404, "not-found", "no record that may be shared");
      case DOWN -> Reply.fault(503, "transient", "the record is down for maintenance");
    };
  }

  private ResponseDefinitionBuilder write(Reply reply) {
    var response = ResponseDefinitionBuilder.responseDefinition().withStatus(reply.status());
    return switch (reply) {
      case Reply.Fhir fhir ->
          response
              .withHeader("Content-Type", "application/fhir+json;charset=UTF-8")
              .withBody(Json.write(fhir.resource(), region.style()));
      case Reply.Raw raw -> {
        raw.headers().forEach(response::withHeader);
        yield response.withBase64Body(raw.base64());
      }
    };
  }
}

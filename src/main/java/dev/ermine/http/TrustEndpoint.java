package dev.ermine.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.PastEvent;
import dev.ermine.federation.Enquiry;
import dev.ermine.federation.Explanation;
import dev.ermine.federation.PastRequest;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Slice;
import dev.ermine.trust.Officer;
import dev.ermine.trust.OfficerRole;
import dev.ermine.trust.OfficerTrust;
import dev.ermine.trust.OfficerVerifier;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where security officers look at trust: the version in force, what it decides, and why a request
 * was refused. What they do is in the audit before they are answered.
 */
@Path("/trust")
@Singleton
@RunOnVirtualThread
public class TrustEndpoint {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String THIS_POD =
      "from this pod's audit alone; each pod has an audit of its own";

  private final OfficerVerifier officers;
  private final TrustInForce inForce;
  private final QualityFound quality;
  private final PastRequests past;
  private final AuditedActs acts;
  private final InstantSource clock;
  private final Drain drain;

  TrustEndpoint(
      OfficerVerifier officers,
      TrustInForce inForce,
      QualityFound quality,
      PastRequests past,
      AuditedActs acts,
      InstantSource clock,
      Drain drain) {
    this.officers = officers;
    this.inForce = inForce;
    this.quality = quality;
    this.past = past;
    this.acts = acts;
    this.clock = clock;
    this.drain = drain;
  }

  /** What an officer is told, and what of it the audit keeps. */
  private record Told(Reply reply, Map<String, String> asked, int decisions) {

    Told(Reply reply) {
      this(reply, Map.of(), 0);
    }
  }

  /** The version in force on this pod. */
  @GET
  @Path("version")
  public Response version(@Context RoutingContext wire) {
    return respond(wire, OfficerRole.VIEWER, admitted -> shown(admitted, inForce::json));
  }

  /** What regions get wrong in their entries, as counted on this pod. */
  @GET
  @Path("quality")
  public Response quality(@Context RoutingContext wire) {
    return respond(wire, OfficerRole.VIEWER, admitted -> shown(admitted, quality::json));
  }

  /** What an asker would get, or why a past request went as it did. */
  @POST
  @Path("explain")
  public Response explain(@Context RoutingContext wire) {
    return respond(wire, OfficerRole.EXPLAINER, this::explain);
  }

  private Response respond(RoutingContext wire, OfficerRole role, Function<Admitted, Told> answer) {
    return drain
        .during(() -> Admitted.of(wire).answered(it -> respond(it, role, answer)))
        .orElseGet(() -> Refusals.of(Fault.STOPPING))
        .toResponse();
  }

  private Reply respond(Admitted admitted, OfficerRole role, Function<Admitted, Told> answer) {
    return switch (officers.verify(admitted.chain(), role)) {
      case OfficerTrust.Refused refused -> {
        acts.refused(refused, admitted);
        yield Refusals.of(refused);
      }
      case OfficerTrust.Admitted(Officer officer) -> {
        Told told = told(officer, admitted, answer);
        acts.done(officer, admitted, told.asked(), told.decisions(), told.reply().status());
        yield told.reply();
      }
    };
  }

  /** What fails on the way has been asked for all the same. */
  private Told told(Officer officer, Admitted admitted, Function<Admitted, Told> answer) {
    try {
      return answer.apply(admitted);
    } catch (RuntimeException failure) {
      acts.done(officer, admitted, Map.of(), 0, Fault.INTERNAL.status());
      throw failure;
    }
  }

  private static Told shown(Admitted admitted, Supplier<Object> values) {
    return Media.acceptsJson(admitted.headers().getAll("accept"))
        ? new Told(json(values.get()))
        : new Told(Refusals.of(Fault.NOT_ACCEPTABLE_JSON));
  }

  private Told explain(Admitted admitted) {
    return switch (AskedExplanation.read(admitted)) {
      case AskedExplanation.NotAsked(Reply reply) -> new Told(reply);
      case AskedExplanation.Past(String requestId) -> explain(requestId);
      case AskedExplanation.Rehearsed(Enquiry enquiry) -> explain(enquiry);
    };
  }

  private Told explain(Enquiry enquiry) {
    Instant now = clock.instant();
    return switch (enquiry.answer(inForce.rehearsal(now), now)) {
      case Enquiry.Answer.Unclear(List<Enquiry.Fault> faults) ->
          new Told(Refusals.malformed(faults.stream().map(TrustEndpoint::issue).toList()));
      case Enquiry.Answer.Explained(Explanation explanation) ->
          new Told(json(explanation.values()), codes(enquiry), explanation.prospects().size());
    };
  }

  private static Issue issue(Enquiry.Fault fault) {
    return Issue.error(Issue.Code.VALUE, "`" + fault.part() + "`: " + fault.message());
  }

  /** Of a question that has been found to be one, so each is a code of its kind. */
  private static Map<String, String> codes(Enquiry enquiry) {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("from", enquiry.from());
    codes.put("to", String.join(" ", enquiry.to()));
    codes.put("purposes", String.join(" ", enquiry.purposes()));
    codes.put("roles", String.join(" ", enquiry.roles()));
    codes.put("types", String.join(" ", enquiry.types()));
    codes.put("organisation", enquiry.organisation().orElse(""));
    codes.put("basis", enquiry.basis().orElse("none"));
    codes.put("break-glass", enquiry.breaksGlass() ? "stated" : "not-stated");
    codes.put("patient-named", Boolean.toString(enquiry.patientNamed()));
    codes.put("step-up", enquiry.acr().isPresent() ? "stated" : "not-stated");
    codes.put("own-record", Boolean.toString(enquiry.ownRecord()));
    codes.put("at", enquiry.at().map(Object::toString).orElse(""));
    return codes;
  }

  private Told explain(String requestId) {
    Map<String, String> asked = Map.of(AuditRecord.Act.REQUEST, requestId);
    List<PastEvent> events = past.of(requestId);
    if (events.isEmpty()) {
      Issue unknown =
          Issue.error(
              Issue.Code.NOT_FOUND, "this pod knows no request of that id; ask the other pods");
      return new Told(Reply.outcome(404, Map.of(), List.of(unknown)), asked, 0);
    }
    PastRequest request = new PastRequest(requestId, events, inForce.rehearsal(clock.instant()));
    Map<String, Object> values = new LinkedHashMap<>(request.values());
    values.put("note", THIS_POD);
    return new Told(json(values), asked, request.decisions());
  }

  private static Reply json(Object values) {
    try {
      Gather text = new Gather(List.of(Slice.of(JSON.writeValueAsString(values))));
      return new Reply(200, Map.of(), "application/json", text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts, numbers and lists of them can be written", e);
    }
  }
}

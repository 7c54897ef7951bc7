package dev.ermine.http;

import dev.ermine.federation.Call;
import dev.ermine.federation.FederatedAnswer;
import dev.ermine.federation.Federation;
import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.merge.summary.Narrative;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import dev.ermine.trust.TrustVerifier;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Where FHIR queries come in. One reads downward: the {@link Door} has let the request in; here its
 * credentials are proven, its question read, the federation asked, and the answer written.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4: RESTful API</a>
 */
@Path("/")
@Singleton
@RunOnVirtualThread
public class FhirEndpoint {

  private final TrustVerifier trust;
  private final Federation federation;
  private final Narrative narrative;
  private final AuditedRefusals refusals;
  private final Drain drain;
  private final Callers callers;

  FhirEndpoint(
      TrustVerifier trust,
      Federation federation,
      Narrative narrative,
      AuditedRefusals refusals,
      Drain drain,
      Callers callers) {
    this.trust = trust;
    this.federation = federation;
    this.narrative = narrative;
    this.refusals = refusals;
    this.drain = drain;
    this.callers = callers;
  }

  /** Several types of one patient: {@code ?_type=}. */
  @GET
  @Path("fhir")
  public Response searchTypes(@Context RoutingContext wire) {
    return respond(wire, admitted -> search(Optional.empty(), admitted));
  }

  @POST
  @Path("fhir/_search")
  public Response searchTypesByForm(@Context RoutingContext wire) {
    return respond(wire, admitted -> search(Optional.empty(), admitted));
  }

  /** One type of one patient. */
  @GET
  @Path("fhir/{type}")
  public Response searchType(@PathParam("type") String type, @Context RoutingContext wire) {
    return respond(wire, admitted -> search(Optional.of(type), admitted));
  }

  @POST
  @Path("fhir/{type}/_search")
  public Response searchTypeByForm(@PathParam("type") String type, @Context RoutingContext wire) {
    return respond(wire, admitted -> search(Optional.of(type), admitted));
  }

  /** A summary of one patient, as a document. */
  @POST
  @Path("fhir/Patient/$summary")
  public Response summary(@Context RoutingContext wire) {
    return respond(wire, this::summary);
  }

  /** One region's resource or document, as that region holds it. */
  @GET
  @Path("regions/{region}/fhir/{type}/{id}")
  public Response readOne(
      @PathParam("region") String region,
      @PathParam("type") String type,
      @PathParam("id") String id,
      @Context RoutingContext wire) {
    return respond(
        wire,
        admitted ->
            read(asker -> AskedRead.read(asker, region, type, id, admitted), admitted, wire));
  }

  /** One region's document, by the URL that the region gave of it. */
  @GET
  @Path("regions/{region}/documents/{document}")
  public Response readDocument(
      @PathParam("region") String region,
      @PathParam("document") String document,
      @Context RoutingContext wire) {
    return respond(
        wire,
        admitted ->
            read(asker -> AskedRead.document(asker, region, document, admitted), admitted, wire));
  }

  /** No resource is the gateway's own. */
  @GET
  @Path("fhir/{type}/{id}")
  public Response readMerged() {
    return Refusals.of(Fault.MERGED_READ).toResponse();
  }

  private Response respond(RoutingContext wire, Function<Admitted, Outgoing> answer) {
    return drain
        .during(() -> Admitted.of(wire).answered(answer))
        .orElseGet(() -> Refusals.of(Fault.STOPPING))
        .toResponse();
  }

  private Reply search(Optional<String> type, Admitted admitted) {
    return switch (trust.verify(admitted.credentials())) {
      case Untrusted untrusted -> refuse(untrusted, admitted);
      case Trusted(Requester requester) ->
          switch (AskedSearch.read(type, admitted)) {
            case AskedSearch.NotAsked(Reply reply) -> reply;
            case AskedSearch.Question(var query, var wishes) ->
                reply(
                    federation.search(call(requester, admitted), query, wishes),
                    requester,
                    admitted);
            case AskedSearch.Onward(var token, var deadline) ->
                reply(
                    federation.goOn(call(requester, admitted), token, deadline),
                    requester,
                    admitted);
          };
    };
  }

  private Reply summary(Admitted admitted) {
    return switch (trust.verify(admitted.credentials())) {
      case Untrusted untrusted -> refuse(untrusted, admitted);
      case Trusted(Requester requester) ->
          switch (AskedSummary.read(admitted)) {
            case AskedSummary.NotAsked(Reply reply) -> reply;
            case AskedSummary.Question(var patient, var wishes) ->
                reply(
                    federation.summary(call(requester, admitted), patient, wishes, narrative),
                    requester,
                    admitted);
          };
    };
  }

  private Outgoing read(
      Function<Requester, AskedRead> asked, Admitted admitted, RoutingContext wire) {
    return switch (trust.verify(admitted.credentials())) {
      case Untrusted untrusted -> refuse(untrusted, admitted);
      case Trusted(Requester requester) ->
          switch (asked.apply(requester)) {
            case AskedRead.NotAsked(Reply reply) -> reply;
            case AskedRead.Question(var patient, var from, var item) ->
                switch (federation.read(call(requester, admitted), patient, from, item)) {
                  case FederatedAnswer.FoundDocument found ->
                      leaving(found, requester, admitted, wire);
                  case FederatedAnswer answer -> reply(answer, requester, admitted);
                };
          };
    };
  }

  private Reply refuse(Untrusted untrusted, Admitted admitted) {
    return refusals.refuse(
        untrusted, admitted.requestId(), admitted.client(), admitted.address().template());
  }

  private static Call call(Requester requester, Admitted admitted) {
    return new Call(
        requester,
        admitted.requestId(),
        admitted.client(),
        admitted.trace(),
        admitted.stay().room());
  }

  private Reply reply(FederatedAnswer answer, Requester asker, Admitted admitted) {
    return switch (answer) {
      case FederatedAnswer.View view ->
          leaving(
              Reply.fhir(200, AccountHeaders.of(view.tally()), view.bundle()),
              view.from(),
              view.origins(),
              asker,
              admitted);
      case FederatedAnswer.Found found ->
          leaving(
              Reply.fhir(200, Map.of(), found.content()),
              Set.of(found.from()),
              found.origins(),
              asker,
              admitted);
      case FederatedAnswer.FoundDocument _ ->
          throw new IllegalStateException("a document leaves by a way of its own");
      case FederatedAnswer.NotFound _ -> Refusals.notFound();
      case FederatedAnswer.Unanswered unanswered -> Refusals.of(unanswered);
    };
  }

  /** From here on it is cut when trust that it rests on ends; if that has ended, it stays here. */
  private Reply leaving(
      Reply reply, Set<RegionId> from, Set<RegionId> origins, Requester asker, Admitted admitted) {
    Caller caller = admitted.caller().orElseThrow();
    return callers.lets(new Departure(caller, admitted.requestId(), asker, from, origins))
        ? reply
        : Refusals.of(FederatedAnswer.Unanswered.trustChanged());
  }

  private Outgoing leaving(
      FederatedAnswer.FoundDocument found,
      Requester asker,
      Admitted admitted,
      RoutingContext wire) {
    OpenDocument document = found.document();
    Caller caller = admitted.caller().orElseThrow();
    DocumentBody body = DocumentBody.of(document, caller, wire);
    if (document.extent() instanceof Extent.Beyond(long length)) {
      document.abandon();
      return Reply.beyond(length);
    }
    Departure departure =
        new Departure(caller, admitted.requestId(), asker, Set.of(found.from()), found.origins());
    if (!callers.lets(departure)) {
      document.abandon();
      return Refusals.of(FederatedAnswer.Unanswered.trustChanged());
    }
    admitted.stay().givePlaceBack();
    return new DocumentReply(document, body);
  }
}

package dev.ermine.federation;

import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.util.List;

/** What one region is asked, in one query. */
public sealed interface PeerQuestion {

  /** The region asked; it {@linkplain Region#answers answers}. */
  Region region();

  /** The gateway that asks, for {@code act} and {@code hops}. */
  Regions.Gateway gateway();

  /** On whose behalf. */
  Requester requester();

  /** About whom. */
  NhsNumber patient();

  /** The request's id, passed on as {@code X-Request-Id}. */
  String requestId();

  /** The place in a trace that it is asked from, passed on in {@code traceparent}. */
  Traceparent trace();

  /**
   * The patient's Patient and these types of theirs.
   *
   * @param types the types permitted, in the order asked; {@code Patient} among them changes
   *     nothing
   * @param filters passed on to the peer, for every type
   * @param includes {@code _include} values added by the gateway, for the types they start with
   */
  record Search(
      Region region,
      Regions.Gateway gateway,
      Requester requester,
      NhsNumber patient,
      String requestId,
      Traceparent trace,
      List<String> types,
      List<Parameter> filters,
      List<String> includes)
      implements PeerQuestion {
    public Search {
      types = List.copyOf(types);
      filters = List.copyOf(filters);
      includes = List.copyOf(includes);
    }
  }

  /**
   * The patient's Patient and one resource: by read, or by {@code _id} search where there is no
   * read.
   */
  record Read(
      Region region,
      Regions.Gateway gateway,
      Requester requester,
      NhsNumber patient,
      String requestId,
      Traceparent trace,
      String type,
      String id)
      implements PeerQuestion {}

  /** One Binary. The patient is not looked up: every pointer to it has been checked before. */
  record Document(
      Region region,
      Regions.Gateway gateway,
      Requester requester,
      NhsNumber patient,
      String requestId,
      Traceparent trace,
      String id)
      implements PeerQuestion {}
}

package dev.ermine.federation;

import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.document.ByteRange;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What one region is asked, in one query. */
public sealed interface PeerQuestion {

  /** The region asked; it {@linkplain Region#answers answers}. */
  Region region();

  /** The gateway that asks, for {@code act} and {@code hops}. */
  Regions.Gateway gateway();

  /** For which request. */
  Call call();

  /** About whom. */
  NhsNumber patient();

  /** On whose behalf. */
  default Requester requester() {
    return call().requester();
  }

  /** How its Consents are asked for with this. */
  default Consulting consulting() {
    return new Consulting.Nowhere();
  }

  /** The same of its Patients alone. */
  default PeerQuestion ofPatientAlone() {
    return new Search(
        region(),
        gateway(),
        call(),
        patient(),
        List.of(),
        List.of(),
        ResultParameters.NONE,
        new Consulting.Nowhere());
  }

  /** How a region's Consents are asked for beside its record. */
  sealed interface Consulting {

    /** They are not. */
    record Nowhere() implements Consulting {}

    /**
     * The record holds them.
     *
     * @param ahead where they come first: whether, by what they say, entries are asked for
     */
    record InRecord(Optional<Predicate<PeerAnswer.Answered>> ahead) implements Consulting {}

    /**
     * A register holds them.
     *
     * @param ahead where it comes first: whether, by what it says, the record is asked for entries
     */
    record InRegister(Consents register, Optional<Predicate<PeerAnswer.Answered>> ahead)
        implements Consulting {}
  }

  /**
   * The patient's Patient and these types of theirs.
   *
   * @param types the types permitted, in the order asked; {@code Patient} among them changes
   *     nothing
   * @param filters passed on to the peer, for every type
   * @param results the order that it may come in, where the region sorts, and what is to come with
   *     the matches, as far as it may be had: the asker's inclusions, and those of the gateway
   */
  record Search(
      Region region,
      Regions.Gateway gateway,
      Call call,
      NhsNumber patient,
      List<String> types,
      List<Parameter> filters,
      ResultParameters results,
      Consulting consulting)
      implements PeerQuestion {
    public Search {
      types = List.copyOf(types);
      filters = List.copyOf(filters);
    }
  }

  /**
   * The patient's Patient and one resource: by read, or by {@code _id} search where there is no
   * read.
   */
  record Read(
      Region region,
      Regions.Gateway gateway,
      Call call,
      NhsNumber patient,
      String type,
      String id,
      Consulting consulting)
      implements PeerQuestion {}

  /**
   * The Consents that a register of objections holds of the patient.
   *
   * @param region as its register is asked
   */
  record Consents(Region region, Regions.Gateway gateway, Call call, NhsNumber patient)
      implements PeerQuestion {}

  /**
   * Who the patient is, asked of the Personal Demographics Service.
   *
   * @param region that service, as a region that answers
   */
  record Demographics(Region region, Regions.Gateway gateway, Call call, NhsNumber patient)
      implements PeerQuestion {}

  /**
   * One document. The patient is not looked up: every pointer to it has been checked before.
   *
   * @param range the part of it that is wanted, where the region gives parts
   */
  record Document(
      Region region,
      Regions.Gateway gateway,
      Call call,
      NhsNumber patient,
      At at,
      Optional<ByteRange> range)
      implements PeerQuestion {

    /** Where a document is. */
    public sealed interface At {

      /** In the Binary of that id. */
      record Binary(String id) implements At {}

      /** At an address that the region gave of it, under a base that its entry lists. */
      record Address(URI url) implements At {

        /** Never the address: it may hold an NHS number. */
        @Override
        public String toString() {
          return "Address";
        }
      }
    }
  }
}

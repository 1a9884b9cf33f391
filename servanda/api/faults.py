"""What the API says of a question or a change that it cannot take."""

from ninja import Field, Schema


class Fault(Schema):
    parameter: str = Field(description="What in the address is wrong.")
    message: str = Field(description="Why, and what to do, in the language asked for.")


class Faults(Schema):
    errors: list[Fault]

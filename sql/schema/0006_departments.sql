-- Which department people are in: new ones say that a customer may need more.

alter table contact add column department text; -- as the source says it
